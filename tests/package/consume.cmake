cmake_minimum_required(VERSION 3.23)
# Builds and runs the consumer in BUILD. MODE is installed (in PREFIX, or put there from BUILD, which has
# xgrad built) or subdirectory (SOURCE).
set(work ${BUILD}/consumer_${MODE})
function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE failed)
  if(failed)
    message(FATAL_ERROR "failed: ${ARGN}")
  endif()
endfunction()

if(PREFIX)
  file(REMOVE_RECURSE ${work})
  set(how -DCMAKE_PREFIX_PATH=${PREFIX})
elseif(MODE STREQUAL "installed")
  file(REMOVE_RECURSE ${work} ${BUILD}/stage)
  run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${BUILD}/stage)
  set(how -DCMAKE_PREFIX_PATH=${BUILD}/stage)
else()
  # Without precompiled headers, so that a source that lacks an include fails here.
  set(how -DXGRAD_SOURCE=${SOURCE} -DCMAKE_CXX_FLAGS_RELEASE=-O0)
endif()
# The README's program has to compile and run as it stands there.
file(READ ${SOURCE}/README.md readme)
string(REGEX MATCH "```cpp\n([^`]*)```" block "${readme}")
file(WRITE ${work}/readme.cpp "${CMAKE_MATCH_1}")
# So has the page about ops of one's own.
include(${SOURCE}/cmake/XgradCodeOf.cmake)
xgrad_code_of(${SOURCE}/docs/extending.md code)
file(WRITE ${work}/extending_page.hpp "${code}")
run(${CMAKE_COMMAND} -S ${SOURCE}/tests/package/consumer -B ${work} -G ${GENERATOR}
    -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_COMPILER=${COMPILER}
    -DCMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER} ${how})
run(${CMAKE_COMMAND} --build ${work} --parallel 2)
run(${work}/consumer)
run(${work}/extending)
if(EXISTS ${work}/extending_native)
  run(${work}/extending_native)
endif()
run(${work}/readme ${SOURCE}/data/mnist_subset)
