#include "textflag.h"

// func unescapeVBMI2(dst, s []byte) (n, at int, split, high uint64)
TEXT ·unescapeVBMI2(SB), NOSPLIT, $0-80
	MOVQ         dst_base+0(FP), DI
	MOVQ         s_base+24(FP), SI
	MOVQ         s_len+32(FP), CX
	SUBQ         $64, CX         // where the last block may begin
	XORQ         BX, BX          // n
	XORQ         AX, AX          // at
	XORQ         DX, DX          // 1 where the byte before the block is a backslash
	VPXORQ       Z3, Z3, Z3      // the bits that are set in any byte
	MOVL         $'\\', R8
	VPBROADCASTB R8, Z1
	MOVL         $'"', R8
	VPBROADCASTB R8, Z2

block:
	CMPQ          AX, CX
	JGT           done
	VMOVDQU64     (SI)(AX*1), Z0
	VPCMPEQB      Z0, Z1, K1
	VPCMPEQB      Z0, Z2, K2
	KMOVQ         K1, R8         // backslashes
	KMOVQ         K2, R9         // quotes
	LEAQ          (DX)(R8*2), R10
	CMPQ          R10, R9
	JNE           done           // something else is escaped, or a quote is not
	VPORQ         Z0, Z3, Z3
	KNOTQ         K1, K1
	VPCOMPRESSB.Z Z0, K1, Z0     // to a register, then to memory: at once it takes many times as long
	VMOVDQU64     Z0, (DI)(BX*1)
	MOVQ          R8, DX
	SHRQ          $63, DX
	POPCNTQ       R8, R8
	ADDQ          $64, AX
	ADDQ          $64, BX
	SUBQ          R8, BX
	JMP           block

done:
	VPMOVB2M   Z3, K1
	KMOVQ      K1, R9
	VZEROUPPER
	MOVQ       BX, n+48(FP)
	MOVQ       AX, at+56(FP)
	MOVQ       DX, split+64(FP)
	MOVQ       R9, high+72(FP)
	RET
