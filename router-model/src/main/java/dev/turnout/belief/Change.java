package dev.turnout.belief;

/**
 * A believed change of an LLM's rewards.
 *
 * @param llm the LLM
 * @param cell the cell it was seen in; -1 for the LLM over all cells
 * @param at position in the window of the first sample after the change
 * @param shift mean reward after minus before
 */
public record Change(String llm, int cell, int at, double shift) {}
