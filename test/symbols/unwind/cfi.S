/* Every call frame instruction that the assembler writes, and by .cfi_escape those that it does not. */
        .text
        .globl every
        .type every, @function
every:
        .cfi_startproc
        .cfi_personality 0x9b, DW.ref.person
        .cfi_lsda 0x1b, lsda
        push %rbx
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset rbx, 0
        push %rbp
        .cfi_def_cfa_offset 24
        .cfi_offset rbp, -24
        mov %rsp, %rbp
        .cfi_def_cfa_register rbp
        nop
        .cfi_remember_state
        .cfi_val_offset r12, -40
        nop
        .cfi_register r13, r11
        nop
        .cfi_undefined r14
        nop
        .cfi_same_value rbx
        nop
        .cfi_escape 0x10, 15, 2, 0x76, 0x78             /* expression r15: breg6 -8 */
        nop
        .cfi_escape 0x10, 12, 3, 0x76, 0x78, 0x06       /* expression r12: breg6 -8, deref */
        nop
        .cfi_escape 0x16, 3, 4, 0x77, 8, 0x23, 16       /* val_expression rbx: breg7 8, plus_uconst 16 */
        nop
        .cfi_escape 0x0f, 3, 0x77, 0xc0, 0x00           /* def_cfa_expression: breg7 64 */
        nop
        .cfi_def_cfa rsp, 48
        nop
        .cfi_restore_state
        nop
        .cfi_restore rbx
        nop
        .cfi_escape 0x2e, 0x20                          /* GNU_args_size 32 */
        nop
        .cfi_escape 0x2f, 3, 5                          /* GNU_negative_offset_extended rbx, 5 */
        nop
        .cfi_escape 0x05, 12, 6                         /* offset_extended r12 */
        nop
        .cfi_escape 0x11, 13, 7                         /* offset_extended_sf r13 */
        nop
        .cfi_escape 0x12, 7, 0x7c                       /* def_cfa_sf rsp, -4 * -8 */
        nop
        .cfi_escape 0x13, 0x7b                          /* def_cfa_offset_sf -5 * -8 */
        nop
        .cfi_escape 0x14, 14, 8                         /* val_offset r14 */
        nop
        .cfi_escape 0x06, 3                             /* restore_extended rbx */
        nop
        .fill 300, 1, 0x90
        .cfi_def_cfa rsp, 56
        .fill 70000, 1, 0x90
        .cfi_def_cfa rsp, 64
        ret
        .cfi_endproc
        .size every, . - every

        .globl trampoline
        .type trampoline, @function
trampoline:
        .cfi_startproc
        .cfi_signal_frame
        .cfi_escape 0x0f, 4, 0x77, 0xa0, 0x01, 0x06
        nop
        ret
        .cfi_endproc
        .size trampoline, . - trampoline

        .globl person
person: ret
        .section .data.rel.ro, "aw"
        .globl DW.ref.person
        .hidden DW.ref.person
DW.ref.person: .quad person
        .section .gcc_except_table, "a"
lsda:   .long 0
        .section .note.GNU-stack, "", @progbits
