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
    target_link_options(${target} PUBLIC -fsanitize=${XGRAD_SANITIZE})
  endif()
endfunction()

# xgrad_program(NAME SOURCE...): one of our executables, named xgrad_NAME.
function(xgrad_program name)
  add_executable(xgrad_${name} ${ARGN})
  target_link_libraries(xgrad_${name} PRIVATE xgrad::xgrad)
  xgrad_flags(xgrad_${name})
endfunction()
