// What a shared library of mirakuru offers; all else is hidden in it (GCC, Clang: visibility). A
// static library takes no notice.
#ifndef MIRAKURU_EXPORT_HPP_
#define MIRAKURU_EXPORT_HPP_

#define MIRAKURU_EXPORT [[gnu::visibility("default")]]

#endif  // MIRAKURU_EXPORT_HPP_
