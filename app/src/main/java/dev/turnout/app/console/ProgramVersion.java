package dev.turnout.app.console;

import java.util.Objects;
import picocli.CommandLine.IVersionProvider;

/** The program's version as the build wrote it into the jar, {@code development} outside a jar. */
public final class ProgramVersion implements IVersionProvider {

  public static String text() {
    return Objects.requireNonNullElse(
        ProgramVersion.class.getPackage().getImplementationVersion(), "development");
  }

  @Override
  public String[] getVersion() {
    return new String[] {
      "turnout " + text(), "Java " + Runtime.version() + ", " + System.getProperty("os.arch")
    };
  }
}
