package dev.turnout.chaos;

import dev.turnout.local.registry.InProcessRegistry;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A schema registry in a process of its own, so that it can be away. */
public final class RegistryServer {
  private RegistryServer() {}

  /** Arguments: port, file that keeps the schemas. */
  public static void main(String[] args) throws InterruptedException {
    InProcessRegistry.start(Integer.parseInt(args[0]), Path.of(args[1]));
    new CountDownLatch(1).await();
  }
}
