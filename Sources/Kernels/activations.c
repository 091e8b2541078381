#include "kernels.h"
#include "vectorized.h"

enum { grain = 16384 };

typedef struct {
  const float *x, *dy;
  float *y;
  uint8_t *bits;
  ptrdiff_t count;
} operands;

// Indices are groups of eight elements, so that every byte of bits has one writer.
VECTORIZED static void relu_body(void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  (void)worker;
  const operands *o = context;
  const ptrdiff_t first = begin * 8, last = end * 8 < o->count ? end * 8 : o->count;
  const float *x = o->x;
  float *y = o->y;
  if (o->bits) {
    for (ptrdiff_t group = begin; group < end; group++) {
      const ptrdiff_t stop = group * 8 + 8 < o->count ? group * 8 + 8 : o->count;
      uint8_t byte = 0;
      for (ptrdiff_t i = group * 8; i < stop; i++) byte |= (uint8_t)((x[i] > 0) << (i & 7));
      o->bits[group] = byte;
    }
  }
  for (ptrdiff_t i = first; i < last; i++) y[i] = x[i] > 0 ? x[i] : 0;
}

void dept_relu(ptrdiff_t count, const float *x, float *y, uint8_t *bits) {
  operands o = {x, 0, y, bits, count};
  dept_parallel((count + 7) / 8, grain / 8, relu_body, &o);
}

VECTORIZED static void relu_pull_body(void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  (void)worker;
  const operands *o = context;
  for (ptrdiff_t group = begin; group < end; group++) {
    const uint32_t byte = o->bits[group];
    const ptrdiff_t start = group * 8;
    if (start + 8 <= o->count) {
      for (int i = 0; i < 8; i++) {
        uint32_t value;
        memcpy(&value, o->dy + start + i, 4);
        value &= 0u - ((byte >> i) & 1u);
        memcpy(o->y + start + i, &value, 4);
      }
    } else {
      for (ptrdiff_t i = start; i < o->count; i++) o->y[i] = (byte >> (i & 7)) & 1 ? o->dy[i] : 0;
    }
  }
}

void dept_relu_pull(ptrdiff_t count, const float *dy, const uint8_t *bits, float *dx) {
  operands o = {0, dy, dx, (uint8_t *)bits, count};
  dept_parallel((count + 7) / 8, grain / 8, relu_pull_body, &o);
}

static const float root = 0.7978845608028654f;  // √(2/π)

VECTORIZED static void gelu_tanh_body(void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  (void)worker;
  const operands *o = context;
  for (ptrdiff_t i = begin; i < end; i++) {
    const float x = o->x[i];
    o->y[i] = 0.5f * x * (1.0f + fast_tanh(root * (x + 0.044715f * x * x * x)));
  }
}

void dept_gelu_tanh(ptrdiff_t count, const float *x, float *y) {
  operands o = {x, 0, y, 0, count};
  dept_parallel(count, grain / 4, gelu_tanh_body, &o);
}

VECTORIZED static void gelu_tanh_pull_body(
  void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  (void)worker;
  const operands *o = context;
  for (ptrdiff_t i = begin; i < end; i++) {
    const float x = o->x[i];
    const float t = fast_tanh(root * (x + 0.044715f * x * x * x));
    const float inner = root * (1.0f + 3.0f * 0.044715f * x * x);
    o->y[i] = o->dy[i] * (0.5f * (1.0f + t) + 0.5f * x * (1.0f - t * t) * inner);
  }
}

void dept_gelu_tanh_pull(ptrdiff_t count, const float *x, const float *dy, float *dx) {
  operands o = {x, dy, dx, 0, count};
  dept_parallel(count, grain / 4, gelu_tanh_pull_body, &o);
}

static void gelu_erf_body(void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  (void)worker;
  const operands *o = context;
  for (ptrdiff_t i = begin; i < end; i++) {
    const float x = o->x[i];
    o->y[i] = 0.5f * x * (1.0f + erff(x * 0.70710678118654752f));
  }
}

void dept_gelu_erf(ptrdiff_t count, const float *x, float *y) {
  operands o = {x, 0, y, 0, count};
  dept_parallel(count, grain / 4, gelu_erf_body, &o);
}

static void gelu_erf_pull_body(void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  (void)worker;
  const operands *o = context;
  for (ptrdiff_t i = begin; i < end; i++) {
    const float x = o->x[i];
    const float cumulative = 0.5f * (1.0f + erff(x * 0.70710678118654752f));
    const float density = 0.3989422804014327f * expf(-0.5f * x * x);
    o->y[i] = o->dy[i] * (cumulative + x * density);
  }
}

void dept_gelu_erf_pull(ptrdiff_t count, const float *x, const float *dy, float *dx) {
  operands o = {x, dy, dx, 0, count};
  dept_parallel(count, grain / 4, gelu_erf_pull_body, &o);
}
