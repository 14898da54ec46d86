/** How onnxruntime, CUDA, Direct3D, Vulkan, Dawn and TensorFlow say that memory ran out. */
const SAYINGS = [
  /out[ _-]?of[ _-]?((device|host|gpu|video)[ _-])?memory/i,
  /OutOf(Device|Host)?Memory/i,
  /not enough memory/i,
  /failed to allocate memory/i,
  /bad[ _]?alloc(ation)?\b/i,
  /smaller than requested bytes/i,
  /exceeds the max (buffer|storage)/i,
  /ALLOC_FAILED/,
  /8007000E/i,
  /\bOOM\b/,
  /resource ?exhausted/i,
];

/** Whether an error, or what caused it, says that memory ran out. */
export function isOutOfMemory(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return SAYINGS.some((saying) => saying.test(error.message)) || isOutOfMemory(error.cause);
}
