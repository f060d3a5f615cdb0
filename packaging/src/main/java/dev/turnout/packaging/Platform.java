package dev.turnout.packaging;

import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;

/** What an image runs on: always Linux with glibc, on one of two processors. */
enum Platform {
  AMD64("(x64|x86_64|x86-64|amd64)", "librocksdbjni-linux64\\.so"),
  ARM64("(aarch64|arm64)", "librocksdbjni-linux-aarch64\\.so");

  private static final Pattern NATIVE =
      Pattern.compile(
          ".*(\\.(so(\\.\\d+)*|dll|dylib|jnilib|pdb|a|lib)|\\.dsym/.*)", Pattern.CASE_INSENSITIVE);

  private final Pattern ours;

  Platform(String processor, String rocksDb) {
    ours =
        Pattern.compile(
            "(.*[/-])?linux[/-]" + processor + "/.*|" + rocksDb, Pattern.CASE_INSENSITIVE);
  }

  /** The name that registries and Kubernetes use, e.g. {@code amd64}. */
  public String architecture() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The platform of that name.
   *
   * @throws PackagingException if there is none
   */
  static Platform named(String architecture) {
    return Arrays.stream(values())
        .filter(platform -> platform.architecture().equals(architecture))
        .findFirst()
        .orElseThrow(
            () ->
                new PackagingException(
                    "no platform \"" + architecture + "\"; there are amd64 and arm64"));
  }

  /** Whether the machine that builds runs its programs. */
  boolean runsHere() {
    return System.getProperty("os.name").equals("Linux")
        && System.getProperty("os.arch").equals(this == AMD64 ? "amd64" : "aarch64");
  }

  /** Whether an entry of a library is machine code, or belongs to some. */
  static boolean isNative(String entry) {
    return NATIVE.matcher(entry).matches();
  }

  /** Whether this platform loads that machine code. */
  boolean loads(String entry) {
    return ours.matcher(entry).matches();
  }
}
