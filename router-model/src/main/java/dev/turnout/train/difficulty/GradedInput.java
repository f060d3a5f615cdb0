package dev.turnout.train.difficulty;

/**
 * One grade beside what was predicted of it when it was held out.
 *
 * @param llm who was graded
 * @param inputs the predictions, in logits or so
 * @param reward 0..1
 * @param weight importance, >= 0
 */
record GradedInput(int llm, double[] inputs, double reward, double weight) {}
