// The directory in which the test program keeps its services' files.
#ifndef MIRAKURU_CORE_SUPERVISOR_RUN_DIRECTORY_HPP_
#define MIRAKURU_CORE_SUPERVISOR_RUN_DIRECTORY_HPP_

namespace mirakuru::supervisor {

// Deletes the directory and all below it, as far as possible. Follows no symbolic links and stays
// on the directory's file system: other file systems mounted there are not ours.
void delete_run_directory(const char* path);

}  // namespace mirakuru::supervisor

#endif  // MIRAKURU_CORE_SUPERVISOR_RUN_DIRECTORY_HPP_
