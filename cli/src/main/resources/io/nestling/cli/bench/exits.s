# The cost payload: a guest that measures what its exits cost, and then becomes the hypervisor of the next level, which runs
# this same code. Little-endian, 64-bit, real mode, interrupts off. See docs/exit-costs.md.
#
# Names set from outside: LEVELS (the deepest level), LOOPS (rounds of the compute loop), and NULLS, FAULTS, TIMERS: how often
# each is measured at level 2; every further level halves them, down to LEAST.
#
# The memory of a level is its slice, and behind it the memory of its guest: the guest's real address x is x + SLICE here.
# Level 1 is the only one whose slice does not begin at 0: it moves itself to FIRST_SLICE.
#
#   slice + 0         this image, up to IMAGE bytes
#         + STATE     variables, register images, buffers
#         + TABLE     partition table
#         + ROOTS     roots of partition-scoped trees, ROOT bytes for each LPID from 1: 1 is our guest, 1 + n the guest that
#                     our guest calls n, whose tree we make of the trees of our guest and our own
#         + POOL      all further tables
#         + LANDING   the page that every page fault of the measurement is answered with
#
#   r13 slice   r17 r13 + SLICE, the guest's memory   r18 r13 + STATE   r19 level

        .set IMAGE, 0x8000
        .set STATE, 0x10000
        .set TABLE, 0x20000
        .set ROOTS, 0x30000
        .set ROOT_SHIFT, 16
        .set POOL, 0x100000
        .set LANDING, 0x3f0000
        .set SLICE, 0x400000
        .set FIRST_SLICE, 0x2000000
        .set LPIDS, 12

# Variables, from r18.
        .set LEVEL, 0
        .set POWER_OFF, 8           # RTAS token (level 1)
        .set SERVED, 16             # exits of our guest answered, of the three measured kinds
        .set GUEST_TIMERS, 24       # how often our guest wants its timer
        .set NEXT_TABLE, 32
        .set GUEST_PTCR, 40         # of our guest, when it has become a hypervisor
        .set GUEST_LPID, 48         # its name of the guest it entered last
        .set GUEST_HV, 56           # and the arguments of that call
        .set GUEST_REGS, 64
        .set LINE, 0x800
        .set DIGITS, 0xa00          # end of a buffer for them
        .set RTAS, 0xb00
        .set COMPUTE, 0x4000        # 32 KiB
# Registers of our guest, and of the guest of our guest: hv_guest_state, pt_regs.
        .set OWN_HV, 0x100
        .set OWN_REGS, 0x200
        .set NESTED_HV, 0x400
        .set NESTED_REGS, 0x500

# hv_guest_state, version 2
        .set HV_LPID, 8
        .set HV_LPCR, 16
        .set HV_HDEC, 88
        .set HV_ASDR, 152
        .set HV_DOUBLEWORDS, 31
# pt_regs
        .set GPR3, 24
        .set NIP, 256
        .set MSR, 264
        .set REGS_DOUBLEWORDS, 44

        .set H_PUT_TERM_CHAR, 0x58
        .set H_RTAS, 0xf000
        .set H_SET_PARTITION_TABLE, 0xf800
        .set H_ENTER_NESTED, 0xf804
# Ours. Level 0 knows none of them, and says so: for a null call that will do.
        .set H_NULL, 0xe000
        .set H_TIMER, 0xe004        # r4: the parent's timer is to interrupt us until it has counted to this in our r20
        .set H_SERVED, 0xe008       # to r4: what the parent has SERVED
        .set H_END, 0xe00c          # r4: 0 when all went well

# A timer is due after DUE ticks. A hypervisor that is to enter a guest whose timer has less than SOON to go does not do so.
        .set DUE, 4096
        .set SOON, 1024

        .set HDEC, 0x980
        .set HCALL, 0xc00
        .set HDSI, 0xe00
        .set HISI, 0xe20

# ---- interrupts, which never should happen ------------------------------------------------------------------------

        .org 0x200                      # big-endian instructions are before
        li %r3, 0x200; b interrupt
        .org 0x300
        li %r3, 0x300; b interrupt
        .org 0x400
        li %r3, 0x400; b interrupt
        .org 0x500
        li %r3, 0x500; b interrupt
        .org 0x600
        li %r3, 0x600; b interrupt
        .org 0x700
        li %r3, 0x700; b interrupt
        .org 0x900
        li %r3, 0x900; b interrupt

        .org 0x1000
interrupt:
        mr %r27, %r3
        mfsrr0 %r28
        bl level
        addi %r3, %r13, interrupted
        bl text
        b trouble

# Our guest left with an exit we do not know, or for an address it does not have.
lost:   ld %r28, OWN_REGS + NIP(%r18)
        bl level
        addi %r3, %r13, unknown
        bl text

# r27 what happened, r28 where.
trouble:
        mr %r3, %r27
        bl number
        addi %r3, %r13, at
        bl text
        mr %r3, %r28
        bl number
        addi %r3, %r13, newline
        bl text
        bl flush
        li %r26, 1

# ---- the end, with status r26: up to level 1, which switches off ---------------------------------------------------

end:    cmpdi %r19, 1
        beq 1f
        mr %r4, %r26
        li %r3, 0
        ori %r3, %r3, H_END
        sc 1
        b .
1:      addi %r3, %r13, done
        cmpdi %r26, 0
        beq 2f
        addi %r3, %r13, failed
2:      bl text
        bl flush
        addi %r4, %r18, RTAS            # token, 2 arguments, 1 result; arguments: what may switch on again, none
        ld %r3, POWER_OFF(%r18)
        stwbrx %r3, 0, %r4
        li %r3, 2
        addi %r5, %r4, 4
        stwbrx %r3, 0, %r5
        li %r3, 1
        addi %r5, %r4, 8
        stwbrx %r3, 0, %r5
        li %r3, 0
        stw %r3, 12(%r4)
        stw %r3, 16(%r4)
        li %r3, 0
        ori %r3, %r3, H_RTAS
        sc 1
        b .

# ---- the beginning ------------------------------------------------------------------------------------------------

# Level 1: r13 where the image is, r29 the token of power-off.
first:  mr %r4, %r13
        lis %r13, FIRST_SLICE@h
        mr %r3, %r13
        li %r5, IMAGE / 8
        bl copy
        hwsync                          # nothing has been fetched from there before
        isync
        addis %r18, %r13, STATE@h
        std %r29, POWER_OFF(%r18)
        li %r3, 1
        std %r3, LEVEL(%r18)
        addi %r3, %r13, begin
        mtctr %r3
        bctr

# All levels: r13 is set, and the level is in memory.
begin:  addis %r18, %r13, STATE@h
        addis %r17, %r13, SLICE@h
        ld %r19, LEVEL(%r18)
        addi %r30, %r18, LINE
        li %r29, 1                      # the next page to fault on: far above all memory
        sldi %r29, %r29, 36

        lis %r27, LOOPS@h
        ori %r27, %r27, LOOPS@l
        addi %r26, %r13, compute
        addi %r28, %r13, compute_name
        bl measure

        lis %r27, NULLS@h
        ori %r27, %r27, NULLS@l
        addi %r26, %r13, null
        addi %r28, %r13, null_name
        bl measure_exits

        cmpdi %r19, 1                   # the other exits of level 1 are none that level 0 makes
        beq 1f
        lis %r27, FAULTS@h
        ori %r27, %r27, FAULTS@l
        addi %r26, %r13, fault
        addi %r28, %r13, fault_name
        bl measure_exits

        lis %r27, TIMERS@h
        ori %r27, %r27, TIMERS@l
        addi %r26, %r13, timer
        addi %r28, %r13, timer_name
        bl measure_exits

1:      li %r26, 0
        cmpdi %r19, LEVELS
        beq end
        b hypervisor

# ---- the guest: what is measured ----------------------------------------------------------------------------------
# Each takes the count in r3 and leaves a check in r3. It may use all registers below r13, r20 and r21.

# Arithmetic and memory: no exits. The same instructions at all levels.
compute:
        mtctr %r3
        addi %r4, %r18, COMPUTE
        lis %r3, 0x1234
        ori %r3, %r3, 0x5679
        li %r6, 0
1:      sldi %r5, %r3, 13
        xor %r3, %r3, %r5
        srdi %r5, %r3, 7
        xor %r3, %r3, %r5
        sldi %r5, %r3, 17
        xor %r3, %r3, %r5
        rldicl %r7, %r3, 0, 52
        sldi %r7, %r7, 3
        ldx %r8, %r4, %r7
        mulld %r9, %r3, %r6
        add %r8, %r8, %r9
        addi %r6, %r6, 3
        stdx %r8, %r4, %r7
        bdnz 1b
        # The sum of the table, which is cleared again.
        li %r5, 4096
        mtctr %r5
        li %r0, 0
1:      ld %r5, 0(%r4)
        std %r0, 0(%r4)
        add %r3, %r3, %r5
        addi %r4, %r4, 8
        bdnz 1b
        blr

# A hypercall that does nothing.
null:   mr %r21, %r3
1:      li %r3, 0
        ori %r3, %r3, H_NULL
        sc 1
        addic. %r21, %r21, -1
        bne 1b
        li %r3, 0
        blr

# A store to a page that is not mapped. All of them are mapped to one page in the end: the check is its address there.
fault:  mtctr %r3
        mr %r4, %r29
        lis %r5, 1
1:      std %r29, 0(%r29)
        mr %r6, %r29
        add %r29, %r29, %r5
        bdnz 1b
        ld %r3, 0(%r4)
        subf %r3, %r6, %r3
        blr

# The parent's timer: it counts in our r20. A hypervisor decrementer that has run out before it got to us may never be seen,
# since some want to see it running out; so ask again after a while.
timer:  mr %r21, %r3
        li %r20, 0
1:      mr %r4, %r21
        li %r3, 0
        ori %r3, %r3, H_TIMER
        sc 1
        lis %r3, 1 << 4
        mtctr %r3
2:      cmpd %r20, %r21
        bge 3f
        bdnz 2b
        b 1b
3:      subf %r3, %r21, %r20
        blr

# ---- measuring: r26 what, r27 how often, r28 its name ---------------------------------------------------------------

# The count is halved for every level below 2, down to LEAST.
measure_exits:
        addi %r3, %r19, -2
        cmpdi %r3, 0
        ble measure
        srd %r27, %r27, %r3
        cmpdi %r27, LEAST
        bge measure
        li %r27, LEAST

measure:
        mflr %r24
        srdi %r3, %r27, 2               # a quarter of it to warm up
        mtctr %r26
        bctrl
        bl level
        mr %r3, %r28
        bl text
        addi %r3, %r13, begins
        bl text
        bl flush
        bl served
        mr %r23, %r4
        mftb %r22
        mr %r3, %r27
        mtctr %r26
        bctrl
        mftb %r4
        subf %r22, %r22, %r4
        mr %r25, %r3
        bl served
        subf %r23, %r23, %r4
        bl level
        mr %r3, %r28
        bl text
        addi %r3, %r13, iterations
        bl text
        mr %r3, %r27
        bl number
        addi %r3, %r13, ticks
        bl text
        mr %r3, %r22
        bl number
        addi %r3, %r13, serves
        bl text
        mr %r3, %r23
        bl number
        addi %r3, %r13, check
        bl text
        mr %r3, %r25
        bl number
        addi %r3, %r13, newline
        bl text
        bl flush
        mtlr %r24
        blr

# To r4: how much our parent has answered. Level 0 does not tell.
served: li %r4, 0
        li %r3, 0
        ori %r3, %r3, H_SERVED
        sc 1
        blr

# ---- the console: a line is put together behind LINE, r30 is its end -------------------------------------------------

level:  mflr %r12
        addi %r3, %r13, prefix
        bl text
        mr %r3, %r19
        bl number
        addi %r3, %r13, space
        bl text
        mtlr %r12
        blr

text:   lbz %r0, 0(%r3)
        cmpwi %r0, 0
        beqlr
        stb %r0, 0(%r30)
        addi %r30, %r30, 1
        addi %r3, %r3, 1
        b text

# r3 in decimal digits.
number: addi %r5, %r18, DIGITS
        li %r6, 10
1:      divdu %r7, %r3, %r6
        mulld %r8, %r7, %r6
        subf %r8, %r8, %r3
        addi %r8, %r8, '0'
        stbu %r8, -1(%r5)
        mr. %r3, %r7
        bne 1b
        addi %r6, %r18, DIGITS
2:      lbz %r0, 0(%r5)
        stb %r0, 0(%r30)
        addi %r30, %r30, 1
        addi %r5, %r5, 1
        cmpd %r5, %r6
        bne 2b
        blr

# 16 bytes with each call, in two registers that are read from the left.
flush:  addi %r20, %r18, LINE
1:      subf. %r21, %r20, %r30
        ble 3f
        cmpdi %r21, 16
        ble 2f
        li %r21, 16
2:      ldbrx %r6, 0, %r20
        addi %r7, %r20, 8
        ldbrx %r7, 0, %r7
        li %r4, 0
        mr %r5, %r21
        li %r3, H_PUT_TERM_CHAR
        sc 1
        cmpdi %r3, 1                    # busy
        beq 2b
        add %r20, %r20, %r21
        b 1b
3:      addi %r30, %r18, LINE
        blr

# ---- the hypervisor: making a guest ---------------------------------------------------------------------------------

hypervisor:
        addis %r3, %r13, POOL@h
        std %r3, NEXT_TABLE(%r18)
        # It finds this code in its memory, and which level it is.
        mr %r3, %r17
        mr %r4, %r13
        li %r5, IMAGE / 8
        bl copy
        addis %r3, %r17, STATE@h
        addi %r4, %r19, 1
        std %r4, LEVEL(%r3)

        # A radix tree for every LPID we may need: 52 bits of address, a root of 2^13 entries.
        li %r3, 3
        sldi %r3, %r3, 62               # radix; size 0b10101, in two parts
        ori %r3, %r3, 5 << 5 | 13
        addis %r4, %r13, ROOTS@h
        or %r3, %r3, %r4
        addis %r4, %r13, TABLE@h
        addi %r4, %r4, 16
        li %r5, LPIDS
        mtctr %r5
1:      stdbrx %r3, 0, %r4
        addis %r3, %r3, 1               # the next root
        li %r5, 1
        sldi %r5, %r5, 63               # a radix guest, without a process table
        addi %r6, %r4, 8
        stdbrx %r5, 0, %r6
        addi %r4, %r4, 16
        bdnz 1b

        # Registers: version 2, LPID 1, little-endian interrupts; 64-bit, little-endian.
        li %r3, 2
        std %r3, OWN_HV(%r18)
        li %r3, 1
        std %r3, OWN_HV + HV_LPID(%r18)
        lis %r3, 1 << 9
        std %r3, OWN_HV + HV_LPCR(%r18)
        bl never
        std %r3, OWN_HV + HV_HDEC(%r18)
        li %r3, begin
        std %r3, OWN_REGS + NIP(%r18)
        li %r3, 1
        sldi %r3, %r3, 63
        ori %r3, %r3, 1
        std %r3, OWN_REGS + MSR(%r18)

        ptesync
        addis %r4, %r13, TABLE@h        # of 2^12 bytes
        li %r3, 0
        ori %r3, %r3, H_SET_PARTITION_TABLE
        sc 1
        li %r27, 0
        ori %r27, %r27, H_SET_PARTITION_TABLE
        cmpdi %r3, 0
        bne lost

# ---- the hypervisor: running its guest, and its guest's guests --------------------------------------------------------
# r14 and r15 registers of what runs.

own:    addi %r14, %r18, OWN_HV
        addi %r15, %r18, OWN_REGS

run:    mr %r4, %r14
        mr %r5, %r15
        li %r3, 0
        ori %r3, %r3, H_ENTER_NESTED
        sc 1
        mr %r27, %r3
        addi %r4, %r18, OWN_HV
        cmpd %r4, %r14
        bne nested
        cmpdi %r3, HCALL
        beq hcall
        cmpdi %r3, HDSI
        beq storage
        cmpdi %r3, HISI
        beq storage
        cmpdi %r3, HDEC
        beq decrementer
        b lost

# A call of our guest.
hcall:  ld %r3, OWN_REGS + GPR3(%r18)
        ld %r4, OWN_REGS + GPR3 + 8(%r18)
        cmpldi %r3, H_NULL
        beq answer
        cmpldi %r3, H_ENTER_NESTED
        beq enter
        cmpldi %r3, H_PUT_TERM_CHAR
        beq console
        cmpldi %r3, H_TIMER
        beq arm
        cmpldi %r3, H_SERVED
        beq tell
        cmpldi %r3, H_SET_PARTITION_TABLE
        beq table_set
        mr %r26, %r4
        cmpldi %r3, H_END
        beq end
        li %r3, -2                      # no such function
        b result

answer: ld %r4, SERVED(%r18)
        addi %r4, %r4, 1
        std %r4, SERVED(%r18)
success:
        li %r3, 0
result: std %r3, OWN_REGS + GPR3(%r18)
        b run

tell:   ld %r4, SERVED(%r18)
        std %r4, OWN_REGS + GPR3 + 8(%r18)
        b success

table_set:
        std %r4, GUEST_PTCR(%r18)
        b success

console:                                # by our own parent, and so on up to level 0
        ld %r5, OWN_REGS + GPR3 + 16(%r18)
        ld %r6, OWN_REGS + GPR3 + 24(%r18)
        ld %r7, OWN_REGS + GPR3 + 32(%r18)
        sc 1
        b result

arm:    std %r4, GUEST_TIMERS(%r18)
        li %r3, 0
        std %r3, OWN_REGS + GPR3(%r18)
        ld %r5, OWN_REGS + 20 * 8(%r18)
        b 1f

decrementer:
        ld %r3, OWN_HV + HV_HDEC(%r18)
        mftb %r4
        subf %r3, %r4, %r3
        cmpdi %r3, SOON
        bge run                         # left over from somebody else
        ld %r3, SERVED(%r18)
        addi %r3, %r3, 1
        std %r3, SERVED(%r18)
        ld %r4, GUEST_TIMERS(%r18)
        ld %r5, OWN_REGS + 20 * 8(%r18)
        addi %r5, %r5, 1
        std %r5, OWN_REGS + 20 * 8(%r18)
1:      mftb %r3
        addi %r3, %r3, DUE
        cmpd %r5, %r4
        blt 2f
        bl never
2:      std %r3, OWN_HV + HV_HDEC(%r18)
        b run

# Our guest touched a page for the first time: one of its memory, or one that is measured.
storage:
        ld %r4, OWN_HV + HV_ASDR(%r18)
        rldicr %r4, %r4, 0, 47
        srdi. %r3, %r4, 28
        add %r5, %r4, %r17
        beq 1f
        srdi %r3, %r4, 36
        cmpdi %r3, 1
        bne lost
        addis %r5, %r17, LANDING@h
        ld %r3, SERVED(%r18)
        addi %r3, %r3, 1
        std %r3, SERVED(%r18)
1:      ori %r5, %r5, 7                 # read, write, execute
        addis %r3, %r13, ROOTS@h
        bl map
        b run

# ---- the hypervisor's hypervisor: our guest enters a guest of its own -------------------------------------------------
# Its registers come from our guest's memory and go back there, as it would be with level 0. Its memory is found by our
# guest's tables and then by ours.

enter:  ld %r5, OWN_REGS + GPR3 + 16(%r18)
        std %r4, GUEST_HV(%r18)
        std %r5, GUEST_REGS(%r18)
        addi %r14, %r18, NESTED_HV
        addi %r15, %r18, NESTED_REGS
        add %r4, %r4, %r17
        mr %r3, %r14
        li %r5, HV_DOUBLEWORDS
        bl copy
        ld %r4, GUEST_REGS(%r18)
        add %r4, %r4, %r17
        mr %r3, %r15
        li %r5, REGS_DOUBLEWORDS
        bl copy
        lwz %r3, HV_LPID(%r14)
        std %r3, GUEST_LPID(%r18)
        addi %r3, %r3, 1
        stw %r3, HV_LPID(%r14)
        ld %r3, HV_HDEC(%r14)
        mftb %r4
        subf %r3, %r4, %r3
        cmpdi %r3, SOON
        bge run
        li %r27, HDEC
        b reflect

# It left, by r3.
nested: cmpdi %r3, HDSI
        beq 1f
        cmpdi %r3, HISI
        bne reflect
1:      ld %r3, GUEST_PTCR(%r18)
        rldicr %r3, %r3, 0, 51
        add %r3, %r3, %r17
        ld %r4, GUEST_LPID(%r18)
        sldi %r4, %r4, 4
        ldbrx %r3, %r3, %r4
        ld %r4, HV_ASDR(%r14)
        bl walk
        cmpdi %r3, 0
        beq reflect                     # our guest does not have it either
        clrldi %r6, %r3, 61             # rights
        rldicl %r3, %r3, 0, 7
        rldicr %r3, %r3, 0, 47
        add %r5, %r3, %r17
        or %r5, %r5, %r6
        rldicr %r4, %r4, 0, 47
        ld %r3, GUEST_LPID(%r18)
        sldi %r3, %r3, ROOT_SHIFT
        add %r3, %r3, %r13
        addis %r3, %r3, ROOTS@h
        bl map
        b run

# r27 is our guest's business.
reflect:
        ld %r3, GUEST_LPID(%r18)
        stw %r3, HV_LPID(%r14)
        mr %r4, %r14
        ld %r3, GUEST_HV(%r18)
        add %r3, %r3, %r17
        li %r5, HV_DOUBLEWORDS
        bl copy
        mr %r4, %r15
        ld %r3, GUEST_REGS(%r18)
        add %r3, %r3, %r17
        li %r5, REGS_DOUBLEWORDS
        bl copy
        std %r27, OWN_REGS + GPR3(%r18)
        b own

# ---- tables -----------------------------------------------------------------------------------------------------------

# Puts a page of 64 KiB into the tree with root r3: guest real address r4, here r5, with the rights in its lowest bits.
# Tables of 2^13, 2^9, 2^9 and 2^5 entries.
map:    mflr %r12
        rldicl %r6, %r4, 64 - 39, 51
        li %r7, 4096
        li %r8, 9
        bl table
        rldicl %r6, %r4, 64 - 30, 55
        bl table
        rldicl %r6, %r4, 64 - 21, 55
        li %r7, 256
        li %r8, 5
        bl table
        rldicl %r6, %r4, 64 - 16, 59
        sldi %r6, %r6, 3
        li %r7, 3
        sldi %r7, %r7, 62               # valid, a leaf
        ori %r7, %r7, 0x180             # referenced, changed
        or %r5, %r5, %r7
        stdbrx %r5, %r3, %r6
        ptesync
        mtlr %r12
        blr

# To r3: the table that entry r6 of table r3 names. If it does not, it is made, of r7 bytes, 2^r8 entries.
table:  sldi %r6, %r6, 3
        ldbrx %r9, %r3, %r6
        cmpdi %r9, 0
        blt 1f
        ld %r9, NEXT_TABLE(%r18)
        add %r9, %r9, %r7
        addi %r9, %r9, -1
        neg %r10, %r7
        and %r9, %r9, %r10
        add %r10, %r9, %r7
        std %r10, NEXT_TABLE(%r18)
        addis %r11, %r13, LANDING@h
        cmpld %r10, %r11
        bgt lost
        or %r9, %r9, %r8
        li %r10, 1
        sldi %r10, %r10, 63
        or %r9, %r9, %r10
        stdbrx %r9, %r3, %r6
1:      rldicl %r3, %r9, 0, 4
        rldicr %r3, %r3, 0, 55
        blr

# To r3: where in our guest's memory guest real address r4 of its guest is, with the rights in the lowest bits; or 0. r3 is
# the doubleword that names the tree.
walk:   li %r5, 52                      # bits still to be found
        clrldi %r6, %r3, 59             # of which the next table knows
1:      rldicl %r3, %r3, 0, 4
        rldicr %r3, %r3, 0, 55
        add %r3, %r3, %r17
        subf %r5, %r6, %r5
        srd %r7, %r4, %r5
        li %r8, -1
        sld %r8, %r8, %r6
        andc %r7, %r7, %r8
        sldi %r7, %r7, 3
        ldbrx %r3, %r3, %r7
        clrldi %r6, %r3, 59
        cmpdi %r3, 0
        bge 2f
        rldicl. %r7, %r3, 2, 63
        beq 1b
        li %r8, -1                      # a leaf: what is left of the address is the place in its page
        sld %r8, %r8, %r5
        andc %r7, %r4, %r8
        clrldi %r6, %r3, 61
        rldicl %r3, %r3, 0, 7
        rldicr %r3, %r3, 0, 51
        and %r3, %r3, %r8
        or %r3, %r3, %r7
        rldicr %r3, %r3, 0, 51
        or %r3, %r3, %r6
        blr
2:      li %r3, 0
        blr

# To r3: a time that does not come, within the 56 bits of the decrementer.
never:  li %r3, 1
        sldi %r3, %r3, 54
        blr

# r5 doublewords from r4 to r3.
copy:   mtctr %r5
        addi %r3, %r3, -8
        addi %r4, %r4, -8
1:      ldu %r0, 8(%r4)
        stdu %r0, 8(%r3)
        bdnz 1b
        blr

# ---- words ------------------------------------------------------------------------------------------------------------

prefix: .asciz "exits level="
space:  .asciz " "
compute_name:
        .asciz "compute"
null_name:
        .asciz "null"
fault_name:
        .asciz "fault"
timer_name:
        .asciz "timer"
begins: .asciz " begins\n"
iterations:
        .asciz " iterations="
ticks:  .asciz " ticks="
serves: .asciz " served="
check:  .asciz " check="
newline:
        .asciz "\n"
interrupted:
        .asciz "failed: interrupt "
unknown:
        .asciz "failed: exit "
at:     .asciz " at "
done:   .asciz "exits done\n"
failed: .asciz "exits failed\n"
