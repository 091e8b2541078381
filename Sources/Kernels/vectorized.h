// What every kernel file shares: run-time dispatch to wide vectors, and vectorisable exp.
#ifndef DEPT_VECTORIZED_H
#define DEPT_VECTORIZED_H

#include <math.h>
#include <stdint.h>
#include <string.h>

// One body, compiled for AVX-512, AVX2 and the baseline; the loader picks. Elsewhere: one build.
#if defined(__x86_64__) && defined(__linux__)
#define VECTORIZED __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define VECTORIZED
#endif

#define INLINE static inline __attribute__((always_inline))

// Reductions may be reassociated: still deterministic, since the order is fixed at compile time.
#define FAST_REDUCTIONS _Pragma("clang fp reassociate(on) contract(fast)")

/// e^x to about 1 ulp·2 for x in [-87, 88], 0 below; plain arithmetic, so that loops vectorise.
INLINE float fast_exp(float x) {
  const float clamped = x < -87.0f ? -87.0f : (x > 88.0f ? 88.0f : x);
  const float n = __builtin_floorf(clamped * 1.44269504088896341f + 0.5f);
  float r = clamped - n * 0.693359375f;
  r = r + n * 2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  const float y = p * r * r + r + 1.0f;
  const int32_t bits = ((int32_t)n + 127) << 23;
  float power;
  memcpy(&power, &bits, sizeof power);
  return x < -87.0f ? 0.0f : y * power;
}

/// tanh by exp, accurate to a few ulp over the range where it differs from ±1.
INLINE float fast_tanh(float x) {
  const float a = __builtin_fabsf(x);
  const float e = fast_exp(-2.0f * a);
  const float large = (1.0f - e) / (1.0f + e);
  const float s = x * x;
  const float tail = 0.133333333f + s * (-0.0539682540f + s * 0.0218694885f);
  const float small = a * (1.0f + s * (-0.333333333f + s * tail));
  const float t = a < 0.15f ? small : large;
  return x < 0.0f ? -t : t;
}

#endif
