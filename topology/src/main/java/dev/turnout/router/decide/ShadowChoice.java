package dev.turnout.router.decide;

/** What a model in shadow would have chosen. */
record ShadowChoice(String modelVersion, String llm) {}
