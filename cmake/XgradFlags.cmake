# xgrad_flags(TARGET): warnings and sanitizers for our own targets. Nothing of it is exported.
function(xgrad_flags target)
  target_compile_options(${target} PRIVATE
    -Werror=switch -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wcast-align -Woverloaded-virtual
    $<$<CXX_COMPILER_ID:GNU>:-Wno-psabi>)
  if(XGRAD_SANITIZE)
    target_compile_options(${target} PRIVATE
      -fsanitize=${XGRAD_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer
      # g++ 12 sees uninitialized members in the standard library's regex, which Catch2 uses.
      $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
    if(XGRAD_SANITIZE MATCHES "undefined")  # they take long to compile, and null pointers fault anyway
      target_compile_options(${target} PRIVATE -fno-sanitize=null,object-size)
    endif()
    target_link_options(${target} PUBLIC -fsanitize=${XGRAD_SANITIZE})
  endif()
endfunction()

# xgrad_formulas(TARGET SOURCE...): sources that consist of formulas. AddressSanitizer would poison each
# lane where its scope ends, which more than doubles the time to compile them, and nothing in a formula
# can outlive its scope.
function(xgrad_formulas target)
  if(XGRAD_SANITIZE MATCHES "address")
    set_property(SOURCE ${ARGN} TARGET_DIRECTORY ${target} APPEND PROPERTY
      COMPILE_OPTIONS -fno-sanitize-address-use-after-scope)
  endif()
endfunction()

# xgrad_precompile(TARGET HEADER... | TARGET REUSE_FROM OTHER): parses the headers once for all sources of
# the target, or takes those of a target with the same flags, where this is switched on.
function(xgrad_precompile target)
  if(NOT XGRAD_PRECOMPILE)
    return()
  endif()
  if(ARGV1 STREQUAL "REUSE_FROM")
    target_precompile_headers(${target} ${ARGN})
  else()
    target_precompile_headers(${target} PRIVATE ${ARGN})
  endif()
  # ccache needs these.
  target_compile_options(${target} PRIVATE
    $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>
    "$<$<CXX_COMPILER_ID:Clang>:SHELL:-Xclang -fno-pch-timestamp>")
endfunction()

# xgrad_program(NAME SOURCE...): one of our executables, named xgrad_NAME.
function(xgrad_program name)
  add_executable(xgrad_${name} ${ARGN})
  target_link_libraries(xgrad_${name} PRIVATE xgrad::xgrad)
  xgrad_flags(xgrad_${name})
endfunction()
