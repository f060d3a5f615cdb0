package dev.turnout.app.data.origin;

import java.util.List;

/**
 * What a reader understood of a data set.
 *
 * @param files in reading order; empty for data that comes from no file
 * @param warnings what a user should look at, each with its remedy
 */
public record DataOrigin(List<FileOrigin> files, List<String> warnings) {
  /** Data that comes from no file. */
  public static final DataOrigin NONE = new DataOrigin(List.of(), List.of());

  public DataOrigin {
    files = List.copyOf(files);
    warnings = List.copyOf(warnings);
  }

  /** True when nothing in the files says which queries are for training. */
  public boolean withoutSplit() {
    return !files.isEmpty()
        && files.stream().allMatch(file -> file.split() == SplitOrigin.CHECKSUM);
  }

  /** What says which queries are for training, for people, each way once. */
  public List<String> splits() {
    return files.stream().map(file -> file.split().words()).distinct().toList();
  }
}
