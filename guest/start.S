# Mezzanine: one C++ stack for every execution layer.
# SPDX-License-Identifier: Apache-2.0

# Entry of the guest, and its only door to the outside.
    .section .text.start,"ax",@progbits
    .globl _start
    .type _start,@function
_start:
    la      sp, guest_stack_top
    call    main
    call    guest_exit              # never returns
    .size _start, . - _start

    .section .text.guest_ecall,"ax",@progbits
    .globl guest_ecall
    .type guest_ecall,@function
guest_ecall:                        # (a0, a1, a2, number) -> a0
    mv      a7, a3
    ecall
    ret
    .size guest_ecall, . - guest_ecall
