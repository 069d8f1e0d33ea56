# The page of the docs has what the program prints.
execute_process(COMMAND ${PROGRAM} OUTPUT_VARIABLE output RESULT_VARIABLE failed)
file(READ ${PAGE} page)
string(FIND "${page}" "${output}" place)
if(failed OR place EQUAL -1)
  message(FATAL_ERROR "${PAGE} does not show what ${PROGRAM} prints:\n${output}")
endif()
