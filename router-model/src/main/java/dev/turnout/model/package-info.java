/**
 * The router model: projection, LLM embeddings, scores, calibration, guard, and its artefact
 * format.
 */
@NullMarked
package dev.turnout.model;

import org.jspecify.annotations.NullMarked;
