# What xgrad stands on, all from the distribution's packages. docs/decisions/ says why each.
find_package(Threads REQUIRED)
find_package(TBB 2021 REQUIRED)
find_package(fmt REQUIRED)
find_package(xtensor REQUIRED)
find_package(ZLIB REQUIRED)
find_package(PNG REQUIRED)
find_package(JPEG REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CBLAS REQUIRED)
find_package(SLEEF REQUIRED)
find_path(XGRAD_BOOST_INCLUDE boost/math/special_functions/gamma.hpp REQUIRED)
if(XGRAD_WITH_ONEDNN)
  find_package(ONEDNN 2.6)
  if(TARGET ONEDNN::ONEDNN)
    find_package(OpenMP REQUIRED COMPONENTS CXX)  # whose number of threads oneDNN obeys
  endif()
endif()

function(xgrad_link_dependencies target)
  # Users' formulas call Sleef; xtensor is met only by those who include <xgrad/xtensor.hpp>.
  target_link_libraries(${target}
    PUBLIC fmt::fmt xtensor SLEEF::SLEEF
    PRIVATE TBB::tbb CBLAS::CBLAS ZLIB::ZLIB PNG::PNG JPEG::JPEG Threads::Threads)
  target_include_directories(${target} SYSTEM PRIVATE $<BUILD_INTERFACE:${XGRAD_BOOST_INCLUDE}>)
  # Headers alone, which users of the library do not need.
  target_include_directories(${target} SYSTEM PRIVATE
    $<BUILD_INTERFACE:$<TARGET_PROPERTY:nlohmann_json::nlohmann_json,INTERFACE_INCLUDE_DIRECTORIES>>)
  if(TARGET ONEDNN::ONEDNN)
    target_link_libraries(${target} PRIVATE ONEDNN::ONEDNN OpenMP::OpenMP_CXX)
    target_compile_definitions(${target} PRIVATE XGRAD_ONEDNN=1)
  endif()
endfunction()
