# The library: one file, made of three rooms (directories with a target of objects each) that know
# of each other what their #includes say. So a shared library hides what the rooms share, and there is
# one set of symbols to export, those of the public headers (mirakuru/export.hpp).
include_guard()

find_package(CURL REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(absl REQUIRED)
pkg_check_modules(MIRAKURU_RE2 REQUIRED IMPORTED_TARGET re2)

# What users of the library do not see. A program without an HttpCheck does without libcurl, whose
# many libraries cost every start of the program some milliseconds: the linker takes libcurl alone
# only where it is needed, and everything else of the user's as the user says. One dash: CMake takes
# equal items for the same, wherever they come from, and abseil has some of its own with two.
set(mirakuru_private_libraries
  -Wl,-push-state,-as-needed CURL::libcurl -Wl,-pop-state
  PkgConfig::MIRAKURU_RE2 Threads::Threads absl::strings)

# mirakuru_set_version(<library>): of the file, where it is a shared one. An incompatible change raises
# the minor version while the major one is 0.
function(mirakuru_set_version library)
  set_target_properties(${library} PROPERTIES
    VERSION ${PROJECT_VERSION}
    SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
endfunction()

# mirakuru_add_library(<room>...): mirakuru::core with all rooms; a target mirakuru::<room> for
# each further one; and mirakuru_internals, for programs of this project that use more than the public
# headers: the same library, but always static.
function(mirakuru_add_library)
  set(objects ${ARGN})
  list(TRANSFORM objects REPLACE "(.+)" "$<TARGET_OBJECTS:mirakuru_\\1_objects>")
  add_library(mirakuru_core ${objects})
  set(libraries mirakuru_core)
  if(BUILD_SHARED_LIBS)
    add_library(mirakuru_internals STATIC EXCLUDE_FROM_ALL ${objects})
    list(APPEND libraries mirakuru_internals)
  else()
    add_library(mirakuru_internals ALIAS mirakuru_core)
  endif()
  foreach(library IN LISTS libraries)
    set_target_properties(${library} PROPERTIES LINKER_LANGUAGE CXX)
    mirakuru_compile(${library})
    foreach(room IN LISTS ARGN)
      target_include_directories(${library} PUBLIC
        $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/${room}/include>)
    endforeach()
    target_include_directories(${library} PUBLIC $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
    # PUBLIC, since <mirakuru/status.hpp> includes abseil's header: there is no other way for a
    # program that includes it to find and link what it needs. All else is private.
    target_link_libraries(${library}
      PUBLIC  absl::status
      PRIVATE ${mirakuru_private_libraries})
  endforeach()

  mirakuru_set_version(mirakuru_core)
  set_target_properties(mirakuru_core PROPERTIES OUTPUT_NAME mirakuru EXPORT_NAME core)
  add_library(mirakuru::core ALIAS mirakuru_core)
  set(targets mirakuru_core)
  foreach(room IN LISTS ARGN)
    if(NOT room STREQUAL "core")
      add_library(mirakuru_${room} INTERFACE)
      add_library(mirakuru::${room} ALIAS mirakuru_${room})
      target_link_libraries(mirakuru_${room} INTERFACE mirakuru_core)
      set_target_properties(mirakuru_${room} PROPERTIES EXPORT_NAME ${room})
      list(APPEND targets mirakuru_${room})
    endif()
  endforeach()
  mirakuru_install(core TARGETS ${targets})
  mirakuru_install_pkg_config(mirakuru
    LIBRARY     mirakuru_core
    DESCRIPTION "${PROJECT_DESCRIPTION}"
    REQUIRES    absl_status
    PRIVATE     absl_strings libcurl re2)
  if(MIRAKURU_INSTALL)
    foreach(room IN LISTS ARGN)
      install(DIRECTORY ${PROJECT_SOURCE_DIR}/${room}/include/ TYPE INCLUDE)
    endforeach()
  endif()
endfunction()
