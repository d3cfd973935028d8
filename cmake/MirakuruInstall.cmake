# What `cmake --install` installs. Every component has a separate file of targets, so that a user of
# one plugin does not need the framework of another.
include_guard()
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

set(mirakuru_package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/mirakuru)
set(mirakuru_data_dir ${CMAKE_INSTALL_DATADIR}/mirakuru)
# Installed as sources: see catch2_plugin/mirakuru-catch2.cmake.
set(mirakuru_catch2_dir ${mirakuru_data_dir}/catch2_plugin)
# For tests that run under valgrind; find_package() sets it too.
set(MIRAKURU_VALGRIND_SUPPRESSIONS ${PROJECT_SOURCE_DIR}/cmake/valgrind.supp
  CACHE INTERNAL "The file for valgrind --suppressions")

# mirakuru_install(<component> TARGETS <target>...): the targets, and the headers in include/.
function(mirakuru_install component)
  if(NOT MIRAKURU_INSTALL)
    return()
  endif()
  cmake_parse_arguments(arg "" "" TARGETS ${ARGN})
  # For a shared library: programs of the package find it wherever the package is installed.
  file(RELATIVE_PATH to_library ${CMAKE_INSTALL_FULL_BINDIR} ${CMAKE_INSTALL_FULL_LIBDIR})
  set_target_properties(${arg_TARGETS} PROPERTIES INSTALL_RPATH "$ORIGIN;$ORIGIN/${to_library}")
  install(TARGETS ${arg_TARGETS} EXPORT mirakuru_${component})
  install(EXPORT mirakuru_${component}
    FILE mirakuru-${component}-targets.cmake
    NAMESPACE mirakuru::
    DESTINATION ${mirakuru_package_dir})
  if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/include)
    install(DIRECTORY include/ TYPE INCLUDE)
  endif()
endfunction()

# mirakuru_install_pkg_config(<name> LIBRARY <target> DESCRIPTION <text> REQUIRES <package>...
#   [PRIVATE <package>...]): <name>.pc. Users must link the PRIVATE packages only if the library is
# a static one.
function(mirakuru_install_pkg_config name)
  if(NOT MIRAKURU_INSTALL)
    return()
  endif()
  cmake_parse_arguments(arg "" "LIBRARY;DESCRIPTION" "REQUIRES;PRIVATE" ${ARGN})
  get_target_property(type ${arg_LIBRARY} TYPE)
  if(type STREQUAL STATIC_LIBRARY)
    list(APPEND arg_REQUIRES ${arg_PRIVATE})
    set(arg_PRIVATE "")
  endif()
  list(JOIN arg_REQUIRES " " requires)
  list(JOIN arg_PRIVATE " " requires_private)
  set(description "${arg_DESCRIPTION}")
  get_target_property(library ${arg_LIBRARY} OUTPUT_NAME)
  if(NOT library)
    set(library ${arg_LIBRARY})
  endif()
  set(directory ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
  file(RELATIVE_PATH to_prefix /prefix/${directory} /prefix)
  configure_file(${PROJECT_SOURCE_DIR}/cmake/mirakuru.pc.in ${PROJECT_BINARY_DIR}/${name}.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/${name}.pc DESTINATION ${directory})
endfunction()

# mirakuru_install_package(): what find_package(mirakuru) reads.
function(mirakuru_install_package)
  if(NOT MIRAKURU_INSTALL)
    return()
  endif()
  get_target_property(MIRAKURU_LIBRARY_TYPE mirakuru_core TYPE)
  configure_package_config_file(
    ${PROJECT_SOURCE_DIR}/cmake/mirakuruConfig.cmake.in
    ${PROJECT_BINARY_DIR}/mirakuruConfig.cmake
    INSTALL_DESTINATION ${mirakuru_package_dir}
    PATH_VARS mirakuru_catch2_dir mirakuru_data_dir
    NO_SET_AND_CHECK_MACRO)
  write_basic_package_version_file(${PROJECT_BINARY_DIR}/mirakuruConfigVersion.cmake
    COMPATIBILITY SameMinorVersion)
  install(FILES
    ${PROJECT_BINARY_DIR}/mirakuruConfig.cmake
    ${PROJECT_BINARY_DIR}/mirakuruConfigVersion.cmake
    ${PROJECT_SOURCE_DIR}/cmake/MirakuruRe2.cmake
    DESTINATION ${mirakuru_package_dir})
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/catch2_plugin/include/ TYPE INCLUDE)
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/catch2_plugin/src DESTINATION ${mirakuru_catch2_dir})
  install(FILES ${PROJECT_SOURCE_DIR}/catch2_plugin/mirakuru-catch2.cmake
    DESTINATION ${mirakuru_catch2_dir})
  install(FILES ${PROJECT_SOURCE_DIR}/cmake/valgrind.supp DESTINATION ${mirakuru_data_dir})
  install(FILES ${PROJECT_SOURCE_DIR}/LICENSE ${PROJECT_SOURCE_DIR}/LICENSE.GPL TYPE DOC)
endfunction()
