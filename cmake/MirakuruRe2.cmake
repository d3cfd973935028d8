# The target mirakuru::re2, if re2 is found. It has no CMake package on many systems, and pkg-config
# may take seconds for it, since it requires much of abseil (re2 11 with pkgconf 1.8: 20 s of each
# configuration). So pkg-config is asked only if there is no shared library, with which nothing else
# must be linked.
if(TARGET mirakuru::re2)
  return()
endif()
find_library(MIRAKURU_RE2_LIBRARY NAMES libre2.so libre2.dylib)
find_path(MIRAKURU_RE2_INCLUDE_DIR re2/re2.h)
mark_as_advanced(MIRAKURU_RE2_LIBRARY MIRAKURU_RE2_INCLUDE_DIR)
if(MIRAKURU_RE2_LIBRARY AND MIRAKURU_RE2_INCLUDE_DIR)
  add_library(mirakuru::re2 SHARED IMPORTED)
  set_target_properties(mirakuru::re2 PROPERTIES
    IMPORTED_LOCATION             ${MIRAKURU_RE2_LIBRARY}
    INTERFACE_INCLUDE_DIRECTORIES ${MIRAKURU_RE2_INCLUDE_DIR}
    INTERFACE_LINK_LIBRARIES      absl::strings)
  return()
endif()
find_package(PkgConfig QUIET)
if(PkgConfig_FOUND)
  pkg_check_modules(MIRAKURU_RE2 QUIET IMPORTED_TARGET re2)
endif()
if(TARGET PkgConfig::MIRAKURU_RE2)
  add_library(mirakuru::re2 INTERFACE IMPORTED)
  set_target_properties(mirakuru::re2 PROPERTIES INTERFACE_LINK_LIBRARIES PkgConfig::MIRAKURU_RE2)
endif()
