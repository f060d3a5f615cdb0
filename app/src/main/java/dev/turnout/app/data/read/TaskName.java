package dev.turnout.app.data.read;

import dev.turnout.app.data.Split;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names of tasks: the same in training and test, so that both can be laid side by side. */
final class TaskName {
  private static final Pattern SPLIT_SUFFIX =
      Pattern.compile("[-_](train|test|ood)$", Pattern.CASE_INSENSITIVE);
  private static final Pattern FILE_SUFFIX =
      Pattern.compile("(?i)([-_](responses|outcomes))?[.](csv|jsonl|json)([.]gz)?$");

  private TaskName() {}

  /** {@code gsm8k-test} and {@code gsm8k-train} both become {@code gsm8k}. */
  static String withoutSplit(String name) {
    return SPLIT_SUFFIX.matcher(name).replaceFirst("");
  }

  /** The split that a name ends with: {@code gsm8k-test} is for testing. */
  static Optional<Split> split(String name) {
    Matcher suffix = SPLIT_SUFFIX.matcher(name);
    return suffix.find() ? Split.named(suffix.group(1)) : Optional.empty();
  }

  /**
   * The name that a file gives its queries, split and all: {@code mbpp_train.csv.gz} gives {@code
   * mbpp_train}, {@code gsm8k_responses.csv} gives {@code gsm8k}.
   */
  static String ofFile(Path file) {
    return FILE_SUFFIX.matcher(file.getFileName().toString()).replaceFirst("");
  }
}
