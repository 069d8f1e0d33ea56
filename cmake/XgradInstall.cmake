# The package: find_package(xgrad) gives xgrad::xgrad, and finds what it needs for its users.
include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/xgrad)
install(TARGETS xgrad EXPORT xgradTargets FILE_SET HEADERS)
if(TARGET xgrad_report)
  install(TARGETS xgrad_report)
endif()
# Reports hold uPlot, and so do programs that write them.
install(FILES viz/third_party/uplot/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME LICENSE.uplot)
install(EXPORT xgradTargets NAMESPACE xgrad:: DESTINATION ${package_dir})
configure_package_config_file(cmake/xgradConfig.cmake.in xgradConfig.cmake
  INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(xgradConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES
  ${CMAKE_CURRENT_BINARY_DIR}/xgradConfig.cmake
  ${CMAKE_CURRENT_BINARY_DIR}/xgradConfigVersion.cmake
  cmake/FindCBLAS.cmake cmake/FindONEDNN.cmake cmake/FindSLEEF.cmake
  DESTINATION ${package_dir})
