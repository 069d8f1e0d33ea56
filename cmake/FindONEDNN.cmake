# ONEDNN::ONEDNN: oneDNN by its header, library and version. Its own CMake package is not used: where
# oneDNN was built for GPUs as well, as Debian's is, that package demands OpenCL's headers, which xgrad
# has no use for.
find_path(ONEDNN_INCLUDE_DIR oneapi/dnnl/dnnl.hpp)
find_library(ONEDNN_LIBRARY NAMES dnnl)
if(ONEDNN_INCLUDE_DIR)
  set(ONEDNN_VERSION "")
  file(STRINGS "${ONEDNN_INCLUDE_DIR}/oneapi/dnnl/dnnl_version.h" lines
    REGEX "^#define DNNL_VERSION_(MAJOR|MINOR|PATCH) +[0-9]+")
  foreach(line ${lines})  # major, minor, patch, in this order
    string(REGEX REPLACE ".* ([0-9]+)$" "\\1" number "${line}")
    list(APPEND ONEDNN_VERSION ${number})
  endforeach()
  list(JOIN ONEDNN_VERSION "." ONEDNN_VERSION)
endif()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(ONEDNN REQUIRED_VARS ONEDNN_LIBRARY ONEDNN_INCLUDE_DIR
  VERSION_VAR ONEDNN_VERSION
  REASON_FAILURE_MESSAGE "Debian and Ubuntu have it as libdnnl-dev")
if(ONEDNN_FOUND AND NOT TARGET ONEDNN::ONEDNN)
  add_library(ONEDNN::ONEDNN UNKNOWN IMPORTED)
  set_target_properties(ONEDNN::ONEDNN PROPERTIES
    IMPORTED_LOCATION "${ONEDNN_LIBRARY}" INTERFACE_INCLUDE_DIRECTORIES "${ONEDNN_INCLUDE_DIR}")
endif()
mark_as_advanced(ONEDNN_INCLUDE_DIR ONEDNN_LIBRARY)
