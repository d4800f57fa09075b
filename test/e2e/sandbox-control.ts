/** Talks to the control of a sandbox that runs as a process of its own, from the folder of its state. */
import { readFile } from "node:fs/promises";
import { request } from "node:https";
import { join } from "node:path";
import { z } from "zod";

const announcement = z.looseObject({ port: z.number(), controlToken: z.string() });

/** `GET` a view, or `POST` an action where there is a body. */
export const control = async (directory: string, name: string, body?: unknown): Promise<unknown> => {
  const { port, controlToken } = announcement.parse(
    JSON.parse(await readFile(join(directory, "sandbox.json"), "utf8")),
  );
  const ca = await readFile(join(directory, "authority.pem"), "utf8");
  const text = await new Promise<string>((resolve, reject) => {
    const asked = request(
      `https://127.0.0.1:${port}/control/${name}`,
      {
        ca,
        agent: false,
        method: body === undefined ? "GET" : "POST",
        headers: { authorization: `Bearer ${controlToken}` },
      },
      (response) => {
        let answer = "";
        response.setEncoding("utf8").on("data", (part: string) => {
          answer += part;
        });
        response.on("end", () => resolve(answer));
      },
    );
    asked.on("error", reject);
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  });
  return JSON.parse(text);
};
