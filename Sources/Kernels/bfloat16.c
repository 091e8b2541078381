// Numbers kept as bfloat16, the upper half of float32.
#include "kernels.h"
#include "masks.h"

typedef struct {
  ptrdiff_t width;
  const int32_t *index;
  const float *x;
  const uint16_t *halves;
  uint16_t *rounded;
  float *y;
} half_operands;

VECTORIZED static void widen(ptrdiff_t count, const uint16_t *x, float *y) {
  for (ptrdiff_t i = 0; i < count; i++) {
    const uint32_t bits = (uint32_t)x[i] << 16;
    memcpy(y + i, &bits, sizeof bits);
  }
}

static void gather_half_body(void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  (void)worker;
  const half_operands *o = context;
  for (ptrdiff_t i = begin; i < end; i++)
    widen(o->width, o->halves + (ptrdiff_t)o->index[i] * o->width, o->y + i * o->width);
}

void dept_gather_bfloat16(
  ptrdiff_t count, ptrdiff_t width, const int32_t *index, const uint16_t *table, float *y) {
  half_operands o = {width, index, 0, table, 0, y};
  dept_parallel(count, 1 + 32768 / width, gather_half_body, &o);
}

VECTORIZED static void round_body(void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  (void)worker;
  const half_operands *o = context;
  for (ptrdiff_t i = begin; i < end; i++) {
    const float x = rounded_to_bfloat16(o->x[i]);
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    o->rounded[i] = (uint16_t)(bits >> 16);
  }
}

void dept_round_bfloat16(ptrdiff_t count, const float *x, uint16_t *y) {
  half_operands o = {0, 0, x, 0, y, 0};
  dept_parallel(count, 16384, round_body, &o);
}

static void widen_body(void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  (void)worker;
  const half_operands *o = context;
  widen(end - begin, o->halves + begin, o->y + begin);
}

void dept_widen_bfloat16(ptrdiff_t count, const uint16_t *x, float *y) {
  half_operands o = {0, 0, 0, x, 0, y};
  dept_parallel(count, 16384, widen_body, &o);
}

VECTORIZED int dept_largest_exponent(ptrdiff_t count, const uint16_t *x) {
  uint16_t largest = 0;
  for (ptrdiff_t i = 0; i < count; i++) {
    const uint16_t magnitude = x[i] & 0x7FFF;
    largest = magnitude > largest ? magnitude : largest;
  }
  return (largest >> 7) - 127;
}
