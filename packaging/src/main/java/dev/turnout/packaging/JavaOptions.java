package dev.turnout.packaging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How the JVM starts in an image. What an operator may want to change is an environment variable
 * ({@code JDK_JAVA_OPTIONS}), which replaces the image's own as a whole; the rest stands in files
 * of arguments, since an image has no shell: {@code role.args} for what serves, {@code tool.args}
 * for commands beside it ({@code kubectl exec POD -- java @tool.args llms}).
 */
final class JavaOptions {

  /** Variables of every image. */
  static final Map<String, String> ENVIRONMENT =
      Map.of(
          "OPT_OUT_TRACKING", "true", // DJL reports its use over the network unless told not to
          "MALLOC_ARENA_MAX", "2", // glibc keeps an arena for each thread otherwise
          "DJL_CACHE_DIR", "/tmp/djl",
          "HOME", "/tmp",
          "XDG_STATE_HOME", "/var/lib"); // roles keep their state in /var/lib/turnout

  private static final String COMMON = "-XX:+UseG1GC -XX:+ExitOnOutOfMemoryError";

  private JavaOptions() {}

  /** Shares of the container's memory; docs/operations.md has what they are measured from. */
  static String memory(boolean learner) {
    return COMMON + " -XX:MaxRAMPercentage=" + (learner ? 35 : 50);
  }

  /**
   * Writes the files of arguments. Their class path is relative to the image's working directory:
   * an archive of classes is valid only for the class path that it was made with.
   */
  static void write(Path program, boolean classArchive) throws IOException {
    List<String> role = new ArrayList<>();
    if (classArchive) {
      role.add("-XX:SharedArchiveFile=" + ImageArchive.HOME + "/turnout.jsa");
    }
    role.addAll(
        List.of(
            "-Xss2m",
            "-Djava.awt.headless=true",
            "-Duser.home=/tmp",
            "-Dturnout.terminal=false",
            "-cp",
            "turnout.jar",
            "dev.turnout.app.Turnout"));
    Files.write(program.resolve("role.args"), role);
    List<String> tool = new ArrayList<>(role);
    tool.add(0, "-Xmx128m");
    Files.write(program.resolve("tool.args"), tool);
  }
}
