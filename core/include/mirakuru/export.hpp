// Marks what a shared library of mirakuru exports; everything else is hidden (GCC and Clang:
// visibility). Has no effect on a static library.
#ifndef MIRAKURU_EXPORT_HPP_
#define MIRAKURU_EXPORT_HPP_

#define MIRAKURU_EXPORT [[gnu::visibility("default")]]

#endif  // MIRAKURU_EXPORT_HPP_
