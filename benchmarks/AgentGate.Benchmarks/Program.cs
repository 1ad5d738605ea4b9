System.Console.WriteLine("benchmarks: see ./run bench");
