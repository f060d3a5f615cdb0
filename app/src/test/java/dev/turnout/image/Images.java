package dev.turnout.image;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Capability;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.utility.DockerImageName;

/** The two images that the build has left, given to the engine. */
record Images(String roles, String learner) {
  static final Path FOLDER =
      Path.of(System.getProperty("image.folder", "target/image")).toAbsolutePath();

  private static final long MEMORY = 768L << 20;

  static boolean areBuilt() {
    return Files.exists(FOLDER.resolve("turnout.tar"))
        && Files.exists(FOLDER.resolve("turnout-learner.tar"));
  }

  static boolean isEngineThere() {
    return DockerClientFactory.instance().isDockerAvailable();
  }

  static Images load() throws IOException {
    return new Images(load("turnout.tar"), load("turnout-learner.tar"));
  }

  private static String load(String file) throws IOException {
    DockerClient docker = DockerClientFactory.lazyClient();
    try (InputStream archive = Files.newInputStream(FOLDER.resolve(file))) {
      docker.loadImageCmd(archive).exec();
    }
    try (TarArchiveInputStream archive =
        new TarArchiveInputStream(Files.newInputStream(FOLDER.resolve(file)))) {
      TarArchiveEntry entry = archive.getNextEntry();
      while (!entry.getName().equals("manifest.json")) {
        entry = Objects.requireNonNull(archive.getNextEntry(), "manifest.json");
      }
      return new ObjectMapper().readTree(archive.readAllBytes()).at("/0/RepoTags/0").asText();
    }
  }

  /** A container as a strict cluster runs it: 768 MiB, no capability, no writable root. */
  @SuppressWarnings("resource") // the caller closes it
  static GenericContainer<?> container(String image, Network network, String... arguments) {
    return new GenericContainer<>(DockerImageName.parse(image))
        .withImagePullPolicy(anyImage -> false)
        .withNetwork(network)
        .withExtraHost("host.docker.internal", "host-gateway")
        .withCommand(arguments)
        .withCreateContainerCmdModifier(
            create ->
                Objects.requireNonNull(create.getHostConfig())
                    .withReadonlyRootfs(true)
                    .withMemory(MEMORY)
                    .withCapDrop(Capability.ALL)
                    .withTmpFs(
                        Map.of(
                            "/tmp",
                            "rw,exec,mode=1777",
                            "/var/lib/turnout",
                            "rw,uid=65532,gid=65532")));
  }
}
