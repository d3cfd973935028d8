// The supervisor program, as data of the library.
        .section .rodata
        .balign 16
        .hidden mirakuru_supervisor_image_begin
        .global mirakuru_supervisor_image_begin
mirakuru_supervisor_image_begin:
        .incbin MIRAKURU_SUPERVISOR_IMAGE
        .hidden mirakuru_supervisor_image_end
        .global mirakuru_supervisor_image_end
mirakuru_supervisor_image_end:
        .byte 0

// Without this note the linker would make the stack of the whole program executable.
        .section .note.GNU-stack, "", %progbits
