cmake_minimum_required(VERSION 3.23)
# layers.cmake finds what it looks for: a small tree in FOLDER with one wrong include, or one source that
# begins with another's header, is refused with file and line; without it, it passes.
set(script ${CMAKE_CURRENT_LIST_DIR}/layers.cmake)

function(write_tree)
  file(REMOVE_RECURSE ${FOLDER})
  file(WRITE ${FOLDER}/graph/include/xgrad/graph/tensor.hpp "#include <xgrad/graph/storage.hpp>\n")
  file(WRITE ${FOLDER}/graph/src/memory/storage.cpp "#include <xgrad/graph/storage.hpp>\n")
  file(WRITE ${FOLDER}/graph/src/tensor/tensor.cpp "#include <xgrad/graph/tensor.hpp>\n")
  file(WRITE ${FOLDER}/ops/src/kernels/gemm.cpp
    "#include \"kernels/gemm.hpp\"\n#include <xgrad/graph/memory.hpp>\n")
  file(WRITE ${FOLDER}/ops/src/elementwise/add.cpp
    "#include <xgrad/ops/add.hpp>\n#include \"kernels/gemm.hpp\"\n")
  file(WRITE ${FOLDER}/ops/src/reduction/sum.cpp
    "#include <xgrad/ops/sum.hpp>\n#include <xgrad/ops/add.hpp>\n#include \"checks.hpp\"\n")
  file(WRITE ${FOLDER}/ops/src/reduction/sum_blocks.cpp "#include <xgrad/ops/sum.hpp>\n")
  file(WRITE ${FOLDER}/ops/src/linalg/solve_batches.cpp "#include <xgrad/ops/solve.hpp>\n")
  file(WRITE ${FOLDER}/ops/src/checks.cpp "#include \"checks.hpp\"\n")
  file(WRITE ${FOLDER}/optim/src/sgd.cpp
    "#include <xgrad/optim/sgd.hpp>\n#include <xgrad/ops/add.hpp>\n")
endfunction()

function(run_script)
  execute_process(COMMAND ${CMAKE_COMMAND} -DSOURCE=${FOLDER} -P ${script}
    RESULT_VARIABLE result ERROR_VARIABLE errors)
  string(REGEX REPLACE "[ \n]+" " " errors "${errors}")
  set(result ${result} PARENT_SCOPE)
  set(errors "${errors}" PARENT_SCOPE)
endfunction()

# expect_error(FILE INCLUDE WHAT): for the tree with INCLUDE at the end of FILE.
function(expect_error file include what)
  write_tree()
  file(APPEND ${FOLDER}/${file} "\n// behind a line\n${include}\n")
  file(READ ${FOLDER}/${file} text)
  string(REGEX MATCHALL "\n" lines "${text}")
  list(LENGTH lines line)
  run_script()
  string(FIND "${errors}" "${file}:${line}: ${include} ${what}" at)
  if(result EQUAL 0 OR at EQUAL -1)
    message(SEND_ERROR "${include} in ${file}:${line} was not refused as it should be: ${errors}")
  endif()
endfunction()
function(expect_refused file include)
  expect_error(${file} "${include}" "points against")
endfunction()

write_tree()
run_script()
if(NOT result EQUAL 0)
  message(SEND_ERROR "a tree without a wrong include is refused: ${errors}")
endif()
expect_refused(graph/src/memory/storage.cpp "#include <xgrad/graph/tensor.hpp>")
expect_refused(graph/src/tensor/tensor.cpp "#include <xgrad/ops/add.hpp>")
expect_refused(ops/src/kernels/gemm.cpp "#include <xgrad/graph/tensor.hpp>")
expect_refused(ops/src/kernels/gemm.cpp "#include \"checks.hpp\"")
expect_refused(ops/src/elementwise/add.cpp "#include \"reduction/sum.hpp\"")
expect_refused(ops/src/elementwise/add.cpp "#include <xgrad/ops/aliases.hpp>")
expect_refused(ops/src/checks.cpp "#include <xgrad/ops/sum.hpp>")
expect_refused(ops/src/reduction/sum.cpp "#include <xgrad/ops/solve.hpp>")
expect_refused(optim/src/sgd.cpp "#include <xgrad/nn/module.hpp>")
expect_error(ops/src/reduction/count.cpp "#include <xgrad/ops/sum.hpp>" "stands first: count.cpp")
expect_error(ops/src/reduction/count.cpp "#include <vector>" "stands first: count.cpp")
expect_error(ops/src/linalg/sum_products.cpp "#include <xgrad/ops/sum.hpp>"
  "stands first, but the sources of sum.hpp are in reduction")
expect_error(ops/src/reduction/sum.cpp "raw<T>" "touches elements")
expect_error(ops/src/reduction/sum.cpp "data<std::int64_t>()[" "touches elements")
file(REMOVE_RECURSE ${FOLDER})
