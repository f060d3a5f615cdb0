package dev.turnout.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageArchiveTest {

  @TempDir private Path folder;

  @Test
  void shouldTakeTheLibrariesOfThisBuildAlthoughTheirTimesAreThoseOfTheBuildBefore()
      throws IOException {
    // given an image
    String first = imageOf("one build");

    // when the next build makes other bytes of the same length, under the same name and time
    String second = imageOf("two build");

    // then they are in its image, and the same bytes make the same image
    assertThat(second).isNotEqualTo(first);
    assertThat(imageOf("one build")).isEqualTo(first);
  }

  private String imageOf(String library) throws IOException {
    Path program = folder.resolve("program");
    Path file = program.resolve("lib").resolve("turnout-some.jar");
    Files.createDirectories(file.getParent());
    Files.writeString(file, library);
    Files.setLastModifiedTime(file, FileTime.from(ImageArchive.TIME));
    return new ImageArchive("scratch", "turnout:test", Platform.AMD64, folder.resolve("cache"))
        .write(program, Map.of(), folder.resolve("image.tar"));
  }
}
