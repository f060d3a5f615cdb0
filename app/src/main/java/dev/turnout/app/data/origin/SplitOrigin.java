package dev.turnout.app.data.origin;

/** What says which queries are for training. */
public enum SplitOrigin {
  FOLDER("by its folder"),
  ID("by the beginning of each id"),
  COLUMN("by the column \"split\""),
  FILE_NAME("by the file's name"),
  TASK_NAME("by the tasks' names"),
  /** Nothing: the same arbitrary four fifths of the questions on every run. */
  CHECKSUM("by a checksum of the question, 80 % for training, since the file has no split");

  private final String words;

  SplitOrigin(String words) {
    this.words = words;
  }

  /** For people, to stand behind "split". */
  public String words() {
    return words;
  }
}
