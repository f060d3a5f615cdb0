package dev.turnout.packaging;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Makes the images {@code turnout} and {@code turnout-learner}, or one with another libtorch. */
public final class BuildImages {
  private static final long MEBIBYTE = 1 << 20;

  private final BuildOptions options;
  private final Platform platform;
  private final Path out;

  private BuildImages(BuildOptions options) {
    this.options = options;
    this.platform = Platform.named(options.text("platform"));
    this.out = options.path("out");
  }

  /**
   * Builds.
   *
   * @param arguments {@code program=} (the folder of {@code turnout.jar} and {@code lib/}), {@code
   *     out=}, {@code version=}, {@code base=}, {@code platform=}, {@code cache=}, {@code sbom=};
   *     {@code torch=} (DJL's archive of libtorch), {@code torch-version=}; {@code classes=}, which
   *     is {@code make}, {@code none} or the folder of an earlier build's archives of classes; or,
   *     for an image with a libtorch of one's own, {@code libtorch=} (its folder) and {@code
   *     flavor=}
   */
  public static void main(String[] arguments) {
    BuildImages build = new BuildImages(BuildOptions.parse(arguments));
    try {
      if (build.options.isSet("libtorch")) {
        String flavor = build.options.text("flavor");
        build.make("turnout-" + flavor, build.torch(build.options.path("libtorch"), flavor));
      } else {
        build.make("turnout", null);
        build.make("turnout-learner", build.torch(build.options.path("torch"), "cpu"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Torch torch(Path source, String flavor) {
    return new Torch(source, options.text("torch-version"), flavor);
  }

  private void make(String image, @Nullable Torch torch) throws IOException {
    Path program = out.resolve(image);
    ProgramFolder.layOut(
        options.path("program"),
        program,
        platform,
        library -> !Torch.isPart(library) || (torch != null && !Torch.isNative(library)));
    Map<String, String> environment = new TreeMap<>(JavaOptions.ENVIRONMENT);
    environment.put("JDK_JAVA_OPTIONS", JavaOptions.memory(torch != null));
    if (torch != null) {
      torch.unpack(Files.createDirectories(program.resolve("libtorch")));
      environment.putAll(torch.environment(ImageArchive.HOME + "/libtorch"));
    }
    if (options.isSet("sbom")) {
      Files.copy(sbom(), program.resolve("sbom.json"));
    }
    String suffix = platform == Platform.AMD64 ? "" : "-" + platform.architecture();
    boolean shared = shareClasses(program, out.resolve(image + suffix + ".jsa"));
    JavaOptions.write(program, shared);
    Path file = out.resolve(image + suffix + ".tar");
    ImageArchive archive = archive(image + ":" + options.text("version"));
    String digest = archive.write(program, environment, file);
    System.out.printf(
        "%s linux/%s: %d MiB compressed, %d MiB of Turnout unpacked, %s, %s%n",
        archive.name(),
        platform.architecture(),
        Files.size(file) / MEBIBYTE,
        ProgramFolder.size(program) / MEBIBYTE,
        digest,
        file);
    ProgramFolder.delete(program);
  }

  private Path sbom() {
    Path sbom = options.path("sbom");
    if (!Files.exists(sbom)) {
      throw new PackagingException(
          "there is no list of components "
              + sbom
              + ": Maven makes none while it works offline; build without -o, or with -Dimage.sbom="
              + " for images that hold none");
    }
    return sbom;
  }

  private ImageArchive archive(String name) {
    return new ImageArchive(options.text("base"), name, platform, options.path("cache"));
  }

  /** Puts an archive of classes beside the program, and beside the image for a second build. */
  private boolean shareClasses(Path program, Path archive) throws IOException {
    String classes = options.text("classes");
    Path inside = program.resolve(ClassArchive.NAME);
    if (classes.equals("none")) {
      return false;
    }
    if (!classes.equals("make")) {
      Files.copy(Path.of(classes).resolve(archive.getFileName()), inside);
    } else if (platform.runsHere()) {
      Path base = out.resolve("base.tar");
      archive("base").write(base);
      ClassArchive.create(BaseImage.unpack(base, out.resolve("base")), program, out);
      Files.delete(base);
      Files.copy(inside, archive, StandardCopyOption.REPLACE_EXISTING);
    } else {
      System.out.printf(
          "linux/%s does not run here: no class data sharing for it%n", platform.architecture());
      return false;
    }
    return true;
  }
}
