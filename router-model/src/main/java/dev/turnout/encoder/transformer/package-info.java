/** Transformer encoders on DJL: PyTorch and ONNX Runtime behind one interface. */
@NullMarked
package dev.turnout.encoder.transformer;

import org.jspecify.annotations.NullMarked;
