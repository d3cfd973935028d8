# mirakuru::catch2 and mirakuru::catch2_main, compiled from the sources beside this file, for the
# Catch2 of the project that includes it. The installed package also contains sources: Catch2 2 and 3
# are not binary compatible, and two releases of Catch2 3 need not be.
#
# Static, and built only when a test program links them: they call functions that Catch2 2 defines in
# the program itself.
if(NOT TARGET mirakuru_catch2)
  add_library(mirakuru_catch2 STATIC EXCLUDE_FROM_ALL
    ${CMAKE_CURRENT_LIST_DIR}/src/plugin.cpp
    ${CMAKE_CURRENT_LIST_DIR}/src/report.cpp)
  add_library(mirakuru::catch2 ALIAS mirakuru_catch2)
  target_link_libraries(mirakuru_catch2 PUBLIC
    mirakuru::plugin_runtime mirakuru::fixtures Catch2::Catch2)

  add_library(mirakuru_catch2_main STATIC EXCLUDE_FROM_ALL ${CMAKE_CURRENT_LIST_DIR}/src/main.cpp)
  add_library(mirakuru::catch2_main ALIAS mirakuru_catch2_main)
  target_link_libraries(mirakuru_catch2_main PUBLIC mirakuru::catch2)

  # Catch2 2 is header-only. The headers cannot be checked: those of the other version may be installed,
  # too.
  get_target_property(mirakuru_catch2_type Catch2::Catch2 TYPE)
  if(mirakuru_catch2_type STREQUAL INTERFACE_LIBRARY)
    set(mirakuru_catch2_version 2)
  else()
    set(mirakuru_catch2_version 3)
  endif()
  foreach(target mirakuru_catch2 mirakuru_catch2_main)
    target_compile_features(${target} PUBLIC cxx_std_17)
    target_compile_definitions(${target} PRIVATE MIRAKURU_CATCH2_VERSION=${mirakuru_catch2_version})
  endforeach()
endif()
