package dev.turnout.app.data.read;

import java.util.regex.Pattern;

/** Names of tasks: the same in training and test, so that both can be laid side by side. */
final class TaskName {
  private static final Pattern SPLIT_SUFFIX =
      Pattern.compile("[-_](train|test|ood)$", Pattern.CASE_INSENSITIVE);

  private TaskName() {}

  /** {@code gsm8k-test} and {@code gsm8k-train} both become {@code gsm8k}. */
  static String withoutSplit(String name) {
    return SPLIT_SUFFIX.matcher(name).replaceFirst("");
  }
}
