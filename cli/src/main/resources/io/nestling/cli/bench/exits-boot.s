# The first instructions of the cost payload: big-endian, 64-bit, real mode, at whatever address the loader chose.
#
# r3 is a flattened device tree (and r5 is 0), or r5 is the entry of an Open Firmware client interface. From either comes the
# one thing to know of the machine: the RTAS token of power-off. Then the little-endian part goes on at FIRST.
#
# Set from outside: FIRST.

boot:   bl 1f
1:      mflr %r13
        addi %r13, %r13, boot - 1b      # base of the image, which begins with this code
        li %r29, 0
        cmpdi %r5, 0
        bne client

# ---- flattened device tree (Devicetree Specification 0.4, chapter 5) -----------------------------------------------
# r6 next item, r7 names of properties. The node does not matter: only /rtas has a property of this name.

        lwz %r6, 8(%r3)
        lwz %r7, 12(%r3)
        add %r6, %r6, %r3
        add %r7, %r7, %r3
        addi %r11, %r13, wanted
        ld %r11, 0(%r11)                # "power-of"

item:   lwz %r8, 0(%r6)
        addi %r6, %r6, 4
        cmpwi %r8, 1
        beq node
        cmpwi %r8, 3
        beq property
        cmpwi %r8, 9
        bne item                        # the end of a node, or nothing
        b on

node:   lbz %r8, 0(%r6)                 # skip its name, and align
        addi %r6, %r6, 1
        cmpwi %r8, 0
        bne node
        addi %r6, %r6, 3
        rldicr %r6, %r6, 0, 61
        b item

property:
        lwz %r9, 0(%r6)                 # length
        lwz %r10, 4(%r6)                # where its name is
        addi %r6, %r6, 8
        ldx %r10, %r7, %r10
        cmpd %r10, %r11
        beq 1f
        add %r6, %r6, %r9
        addi %r6, %r6, 3
        rldicr %r6, %r6, 0, 61
        b item
1:      lwz %r29, 0(%r6)
        b on

# ---- client interface (IEEE 1275, 6.3.1): r3 arguments; cells: service, counts, arguments, results -----------------

client: mr %r31, %r5
        addi %r30, %r13, arguments
        addi %r4, %r13, finddevice
        stw %r4, 0(%r30)
        li %r4, 1
        stw %r4, 4(%r30)
        stw %r4, 8(%r30)
        addi %r4, %r13, rtas
        stw %r4, 12(%r30)
        mr %r3, %r30
        mtctr %r31
        bctrl
        lwz %r4, 16(%r30)
        stw %r4, 12(%r30)               # the node
        addi %r4, %r13, getprop
        stw %r4, 0(%r30)
        li %r4, 4
        stw %r4, 4(%r30)
        stw %r4, 24(%r30)               # length of the value
        addi %r4, %r13, wanted
        stw %r4, 16(%r30)
        addi %r4, %r30, 32
        stw %r4, 20(%r30)
        mr %r3, %r30
        mtctr %r31
        bctrl
        lwz %r29, 32(%r30)

on:     addi %r4, %r13, FIRST
        mtsrr0 %r4
        mfmsr %r4
        ori %r4, %r4, 1
        mtsrr1 %r4
        rfid

        .balign 8
wanted: .asciz "power-off"
rtas:   .asciz "/rtas"
getprop:
        .asciz "getprop"
finddevice:
        .asciz "finddevice"
        .balign 8
arguments:
        .skip 40
