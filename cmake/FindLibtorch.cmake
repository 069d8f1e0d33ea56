# Libtorch::Libtorch, by its headers and libraries; its own CMake config requires what only its builders
# have.
find_path(Libtorch_INCLUDE_DIR torch/csrc/api/include/torch/torch.h)
find_library(Libtorch_TORCH_CPU torch_cpu)
find_library(Libtorch_C10 c10)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Libtorch
  REQUIRED_VARS Libtorch_TORCH_CPU Libtorch_C10 Libtorch_INCLUDE_DIR)
mark_as_advanced(Libtorch_INCLUDE_DIR Libtorch_TORCH_CPU Libtorch_C10)

if(Libtorch_FOUND AND NOT TARGET Libtorch::Libtorch)
  add_library(Libtorch::Libtorch INTERFACE IMPORTED)
  target_include_directories(Libtorch::Libtorch SYSTEM INTERFACE
    ${Libtorch_INCLUDE_DIR} ${Libtorch_INCLUDE_DIR}/torch/csrc/api/include)
  target_link_libraries(Libtorch::Libtorch INTERFACE ${Libtorch_TORCH_CPU} ${Libtorch_C10})
endif()
