/** Weights read from ONNX files. */
@NullMarked
package dev.turnout.encoder.onnx;

import org.jspecify.annotations.NullMarked;
