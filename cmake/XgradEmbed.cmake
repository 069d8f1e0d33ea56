# Writes OUTPUT, a C++ source that holds files as strings. PARTS is a list of NAME=FILE or NAME=FILE+FILE...;
# each defines `const std::string_view NAME` of HEADER in namespace xgrad::viz.
#   cmake -DOUTPUT=... -DHEADER=... "-DPARTS=a=x.css,b=y.js+z.js" -P XgradEmbed.cmake
set(code "// Made by cmake/XgradEmbed.cmake.\n#include \"${HEADER}\"\n\nnamespace xgrad::viz {\n")
string(REPLACE "," ";" PARTS "${PARTS}")
foreach(part ${PARTS})
  string(REGEX MATCH "^([a-z_]+)=(.*)$" matched "${part}")
  string(APPEND code "\nconst std::string_view ${CMAKE_MATCH_1} =")
  string(REPLACE "+" ";" files "${CMAKE_MATCH_2}")
  foreach(file ${files})
    file(READ "${file}" text)
    string(APPEND code "\n    R\"xgrad(${text})xgrad\"")
  endforeach()
  string(APPEND code ";\n")
endforeach()
string(APPEND code "\n}  // namespace xgrad::viz\n")
file(WRITE "${OUTPUT}" "${code}")
