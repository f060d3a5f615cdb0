package dev.turnout.router;

/** What a model in shadow would have chosen. */
record WouldBe(String modelVersion, String llm) {}
