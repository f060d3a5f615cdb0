/** Transformers on DJL's engines: weights, devices, tokenizers. */
@NullMarked
package dev.turnout.encoder.djl;

import org.jspecify.annotations.NullMarked;
