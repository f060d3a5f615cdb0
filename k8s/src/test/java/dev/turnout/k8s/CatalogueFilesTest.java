package dev.turnout.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CatalogueFilesTest {

  @Test
  void shouldBeWhatTheProgramsCataloguesSay() throws IOException {
    for (Map.Entry<String, String> file : CatalogueFiles.texts().entrySet()) {
      Path path = HelmChart.FOLDER.resolve("files").resolve(file.getKey());
      if (OverlaysTest.WRITE) {
        Files.writeString(path, file.getValue());
      }
      assertThat(path).as(OverlaysTest.REMEDY).hasContent(file.getValue());
    }
  }
}
