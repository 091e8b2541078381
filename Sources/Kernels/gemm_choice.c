// Which tiles multiply bfloat16 operands. The instruction for pairs of them is twice as fast as a
// float32 FMA on some processors and half as fast on others, which no feature bit tells: measured.
#include "gemm.h"

#if defined(__x86_64__)

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "gemm_tiles.h"

/// Of a tile whose operands fit into any first cache; several microseconds' worth of such tiles are
/// timed together, and often enough to find some that nothing interrupts.
enum { measured_steps = 128, tiles_a_round = 8, rounds = 12 };

/// The native way has copies of another kind to make, and a way that is not clearly faster is not
/// worth other last bits.
static const double worthwhile = 1.3;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static double gain;  // written once, under `once`
/// Of a thread, so that what a test asks for changes no bit of what runs beside it.
static _Thread_local int forced = -1;

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static double round_of(
  const tile_format *format, const destination *d, const float *a, const float *b) {
  const double start = seconds();
  for (int i = 0; i < tiles_a_round; i++) format->multiply(tile_rows, d, a, b, measured_steps);
  return seconds() - start;
}

static void measure(void) {
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("avx512bf16") || !dept_has_vectors()) return;
  enum { a_count = measured_steps * tile_rows, b_count = measured_steps * tile_columns };
  float *memory = aligned_alloc(
    64, (size_t)(a_count + b_count + tile_rows * tile_columns + 64) * sizeof(float));
  if (!memory) abort();
  // As a pair, too, these are ordinary numbers.
  for (int i = 0; i < a_count + b_count; i++) memory[i] = 1.00390625f;
  const dept_product product = {
    .m = tile_rows, .n = tile_columns, .k = measured_steps, .c = memory + a_count + b_count};
  const destination d = destination_of(&product);
  const float *a = memory, *b = memory + a_count;
  double floats = INFINITY, pairs = INFINITY;
  // In turns, so that a change of the clock meets both.
  for (int i = 0; i < rounds; i++) {
    const double x = round_of(&dept_float_tiles, &d, a, b);
    const double y = round_of(&dept_pair_tiles, &d, a, b);
    floats = x < floats ? x : floats;
    pairs = y < pairs ? y : pairs;
  }
  free(memory);
  gain = (double)dept_pair_tiles.elements * floats / pairs;
}

double dept_native_bfloat16_gain(void) {
  pthread_once(&once, measure);
  return gain;
}

void dept_set_native_bfloat16(int used) { forced = used; }
bool dept_bfloat16_is_measured(void) { return forced < 0; }

bool dept_native_bfloat16(void) {
  const double measured = dept_native_bfloat16_gain();
  if (!dept_vectors() || measured == 0) return false;
  return forced < 0 ? measured > worthwhile : forced != 0;
}

const tile_format *dept_tile_format(const dept_product *p) {
  return p->rounding && dept_native_bfloat16() ? &dept_pair_tiles : &dept_float_tiles;
}

#else

bool dept_native_bfloat16(void) { return false; }
double dept_native_bfloat16_gain(void) { return 0; }
void dept_set_native_bfloat16(int used) { (void)used; }
bool dept_bfloat16_is_measured(void) { return true; }

#endif
