package dev.turnout.app.data.origin;

/**
 * What was understood of one file.
 *
 * @param name of the file, with its folder where that says something
 * @param format e.g. {@code RouterBench CSV}
 * @param queries that were read
 * @param split what says which of them are for training
 */
public record FileOrigin(String name, String format, int queries, SplitOrigin split) {}
