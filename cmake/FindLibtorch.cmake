# Libtorch::Libtorch, by its headers and libraries; its own CMake config requires what only its builders
# have.
find_path(Libtorch_INCLUDE_DIR torch/csrc/api/include/torch/version.h)
find_library(Libtorch_TORCH_CPU torch_cpu)
find_library(Libtorch_C10 c10)
if(Libtorch_INCLUDE_DIR)
  file(READ ${Libtorch_INCLUDE_DIR}/torch/csrc/api/include/torch/version.h version)
  string(REGEX MATCH "TORCH_VERSION_MAJOR +([0-9]+)" _ "${version}")
  set(Libtorch_VERSION ${CMAKE_MATCH_1})
  string(REGEX MATCH "TORCH_VERSION_MINOR +([0-9]+)" _ "${version}")
  string(APPEND Libtorch_VERSION .${CMAKE_MATCH_1})
endif()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Libtorch
  REQUIRED_VARS Libtorch_TORCH_CPU Libtorch_C10 Libtorch_INCLUDE_DIR VERSION_VAR Libtorch_VERSION)
mark_as_advanced(Libtorch_INCLUDE_DIR Libtorch_TORCH_CPU Libtorch_C10)

if(Libtorch_FOUND AND NOT TARGET Libtorch::Libtorch)
  add_library(Libtorch::Libtorch INTERFACE IMPORTED)
  target_include_directories(Libtorch::Libtorch SYSTEM INTERFACE
    ${Libtorch_INCLUDE_DIR} ${Libtorch_INCLUDE_DIR}/torch/csrc/api/include)
  target_link_libraries(Libtorch::Libtorch INTERFACE ${Libtorch_TORCH_CPU} ${Libtorch_C10})
endif()
