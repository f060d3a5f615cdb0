package dev.turnout.connect.source;

import org.jspecify.annotations.Nullable;

/**
 * A row of a file as it stands there.
 *
 * @param bytes all of it; its beginning if it is too long
 * @param position of its first byte
 * @param end of the byte behind it
 * @param line number of its first line, from 1
 * @param nextLine number of the line behind it
 * @param problem why it is no row; null if it is one
 */
record RawRow(
    byte[] bytes, long position, long end, long line, long nextLine, @Nullable String problem) {}
